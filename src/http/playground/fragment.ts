/** Part of a page: what it shows, and the script for it. */
export interface Fragment {
  html: string;
  script: string;
}
