import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default {
  preprocess: vitePreprocess(),
  compilerOptions: {
    runes: true,
    cssHash: ({ hash, filename }) => `s${hash(filename.replace(/^.*\/src\//, '')).slice(0, 4)}`, // Short: it stands in the script hundreds of times.
  },
};
