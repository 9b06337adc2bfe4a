export const identity = {
  pickTitle: 'Who are you?',
  pickHint:
    'This is a sandbox: its people and tokens are made up. Each sees and does what the cluster allows them. You can change who you are at any time.',
  person: (name: string) => `You are ${name}`,
  changePerson: 'Change who you are',
  tokenTitle: 'Writ needs your token',
  tokenAgainTitle: 'The cluster does not accept your token any more',
  tokenHint:
    'Writ reads and writes as you, with a bearer token that the Kubernetes cluster accepts: the ID token of your login, the output of oc whoami --show-token, or that of kubectl create token.',
  tokenKept: 'It stays in the memory of this page, and is forgotten when the page is closed or reloaded.',
  tokenBehindProxy:
    'A proxy in front of Writ usually logs you in. This page was requested without it: open the console at the address of the proxy, or give a token yourself.',
  token: 'Token',
  tokenForm: 'A token has no spaces, and only the characters of ASCII.',
  submit: 'Continue',
  anotherToken: 'Use another token',
};
