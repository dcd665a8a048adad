import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes long begins first, so that no processor waits at the end for the other one's last file. */
const longest = [
  'campaign/campaigns',
  'e2e/every-key',
  'cli/trace.test',
  'screenshots/',
  'oracle/oracle',
  'bench/smoke',
  'drivers/node-driver',
  'e2e/ways-out',
  'labs/lessons',
  'labs/built-in',
  'formats/recording',
  'e2e/',
  'formats/lab-export',
  'formats/pcapng',
  'cli/relay-tls-peers',
  'drivers/agreement',
  'oracle/',
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
