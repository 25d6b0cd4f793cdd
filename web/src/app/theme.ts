import { signal } from '@preact/signals';

/** Black on white with thick edges, for a screen that is read in the sun. */
const place = 'segnavia.sun';

export const sun = signal(localStorage.getItem(place) === 'on');

const show = () => {
  document.documentElement.dataset.theme = sun.value ? 'sun' : '';
};
show();

export function turnSun() {
  sun.value = !sun.value;
  localStorage.setItem(place, sun.value ? 'on' : 'off');
  show();
}
