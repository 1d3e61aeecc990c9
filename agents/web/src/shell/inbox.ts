// What waits for this person: read once for the navigation and the page Today.
import { getContext, setContext } from 'svelte';
import type { AnswerTo } from '../lib/api';
import type { Resource } from '../lib/resource.svelte';

type Inbox = Resource<AnswerTo<'/v1/inbox'>>;
const name = Symbol('inbox');
export const shareInbox = (inbox: Inbox): Inbox => setContext(name, inbox);
export const useInbox = (): Inbox => getContext<Inbox>(name);
