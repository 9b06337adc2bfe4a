export const CREATE_PROJECT = `mutation ($input: CreateProjectInput!) {
  createProject(input: $input) { project { id name displayName description createdAt labels { key value } } }
}`;
export const UPDATE_PROJECT = `mutation ($input: UpdateProjectInput!) {
  updateProject(input: $input) { project { id name displayName description resourceVersion } }
}`;
export const DELETE_PROJECT = 'mutation ($name: String!) { deleteProject(name: $name) { deletedId } }';
