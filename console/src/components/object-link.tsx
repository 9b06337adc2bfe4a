import { Link } from 'wouter';

interface ObjectLinkProps {
  href: string;
  name: string;
  displayName: string | null;
  tabIndex?: number;
}

/** A link to the page of an object by its display name, with its name where that is another. */
export function ObjectLink({ href, name, displayName, tabIndex }: ObjectLinkProps) {
  return (
    <>
      <Link href={href} {...(tabIndex !== undefined && { tabIndex })}>
        {displayName ?? name}
      </Link>
      {displayName && <code>{name}</code>}
    </>
  );
}
