import { createContext } from 'react';
import type { Caller } from './sign-in.ts';

export const CallerContext = createContext<Caller | undefined>(undefined);
