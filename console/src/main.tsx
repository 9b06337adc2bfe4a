import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import './app/theme.css';
import './app/base.css';

// The browser reads it again after each change of the address, to which it was relative.
const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
if (icon) icon.href = new URL(icon.href).href;

const root = document.querySelector('#root');
if (!root) throw new Error('The page has no element #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
