import { type RefObject, useEffect, useRef } from 'react';

/** False once the component has gone: Apollo Client tells of the end of a mutation even then. */
export function useIsMounted(): RefObject<boolean> {
  const isMounted = useRef(false);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);
  return isMounted;
}
