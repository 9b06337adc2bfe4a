/** A link to a page of another site, if the text is an address of the web. Otherwise it is text alone. */
export function ExternalLink({ url }: { url: string }) {
  if (!isOfWeb(url)) return <span>{url}</span>;
  return (
    <a href={url} target="_blank" rel="noreferrer noopener">
      {url}
    </a>
  );
}

function isOfWeb(url: string): boolean {
  const protocol = URL.parse(url)?.protocol;
  return protocol === 'https:' || protocol === 'http:';
}
