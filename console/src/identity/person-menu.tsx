import { Menu } from '../components/menu.tsx';
import { identity as text } from '../text/identity.ts';
import { useIdentity } from './identity.ts';

/** Who uses the console, and how to become somebody else. */
export function PersonMenu() {
  const { config, username, people, pick, signOut } = useIdentity();
  if (username === undefined) return null;
  if (people.length > 0) {
    return (
      <Menu
        label={text.changePerson}
        trigger={username}
        selected={username}
        items={people.map((person) => ({
          id: person.name,
          label: person.name,
          description: person.rights,
          onAction: () => pick(person),
        }))}
      />
    );
  }
  if (config?.identity.kind !== 'token') return <span className="username">{username}</span>;
  const another = { id: 'another', label: text.anotherToken, onAction: signOut };
  return <Menu label={text.person(username)} trigger={username} items={[another]} />;
}
