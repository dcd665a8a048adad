/** Stands in for react-devtools-core, which Ink imports when DEV=true and nobody installs for us. */
const devtools = { initialize: () => {}, connectToDevTools: () => {} };

export default devtools;
