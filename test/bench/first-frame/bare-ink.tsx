import { render, Text, useApp, useInput, usePaste } from 'ink';

/** The least an Ink program can be: one line, one key, a paste. What a first frame costs before any of ours. */
const Bare = () => {
  const { exit } = useApp();
  useInput(input => {
    if (input === 'q') exit();
  });
  usePaste(() => {});
  return <Text>bare ink</Text>;
};

await render(<Bare />, { alternateScreen: true, exitOnCtrlC: true }).waitUntilExit();
