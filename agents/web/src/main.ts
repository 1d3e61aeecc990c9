import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { preferred, speak } from './lib/i18n.svelte';
import { begin } from './lib/session.svelte';

const target = document.getElementById('app')!;
void Promise.all([speak(preferred()), begin()]).then(() => mount(App, { target }));
