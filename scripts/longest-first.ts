import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes long begins first, so that no processor waits at the end for the other one's last file. */
const longest = [
  'oracle/oracle',
  'bench/smoke',
  'e2e/every-key',
  'formats/recording',
  'screenshots/',
  'formats/pcapng',
  'oracle/',
  'drivers/agreement',
  'formats/lab-export',
  'drivers/node-driver',
];

const rank = ({ moduleId }: TestSpecification): number => {
  const at = longest.findIndex(name => moduleId.includes(`/test/${name}`));
  return at < 0 ? longest.length : at;
};

/** As vitest sorts, but for those: on a fresh clone it knows nothing but how large a file is. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
