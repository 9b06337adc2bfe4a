import { createContext } from 'react';

/** Tells the dialog around a form whether something was typed that would be lost with it. */
export const DialogInput = createContext<(hasInput: boolean) => void>(() => {});
