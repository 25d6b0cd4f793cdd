import { computed, signal } from '@preact/signals';

const path = signal(location.pathname);

addEventListener('popstate', () => {
  path.value = location.pathname;
});

/** What follows "/crew" or "/desk", in parts. */
export const route = computed(() => path.value.split('/').filter(Boolean).slice(1));

export function go(to: string, replace = false) {
  if (to === path.value) return;
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  path.value = to;
  if (!replace) scrollTo(0, 0);
}

/** Follows a link without loading the page, unless another tab is wanted. */
export function follow(e: MouseEvent) {
  const a = (e.currentTarget as HTMLElement).closest('a');
  if (!a || e.metaKey || e.ctrlKey || e.shiftKey || e.button !== 0) return;
  e.preventDefault();
  go(a.pathname);
}
