export const SETTINGS_FIELDS =
  'id resourceVersion groupAccess { groupName role } runnerSecretsName inactivityTimeoutSeconds repositories { url branch provider } mcpServersConfig';

export const READ_SETTINGS = `query ($project: String!) { project(name: $project) { settings { ${SETTINGS_FIELDS} } } }`;

export const UPDATE_SETTINGS = `mutation ($input: UpdateProjectSettingsInput!) {
  updateProjectSettings(input: $input) { settings { ${SETTINGS_FIELDS} } }
}`;

export const READ_SECRET_KEYS =
  'query ($project: String!) { project(name: $project) { runnerSecretKeys runnerSecretsResourceVersion } }';

export const UPDATE_SECRETS = `mutation ($input: UpdateRunnerSecretsInput!) {
  updateRunnerSecrets(input: $input) { runnerSecretKeys resourceVersion }
}`;
