import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { preferred, speak } from './lib/i18n.svelte';
import { here, match } from './lib/router.svelte';
import { begin } from './lib/session.svelte';
import { routes } from './routes';

// The page that they come for is fetched while the agent says who they are; should that fail, the page itself says so.
const first = here().path;
match(routes, first === '/' ? '/today' : first)?.route.load().catch(() => {});

const target = document.getElementById('app')!;
void Promise.all([speak(preferred()), begin()]).then(() => mount(App, { target }));
