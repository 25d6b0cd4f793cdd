/** Whether this browser runs workers that are modules: only then it asks for the type.
 * Firefox does since 114. */
function hasModuleWorkers(): boolean {
  let asked = false;
  const options = {
    get type(): WorkerType {
      asked = true;
      throw new Error('it is known'); // before anything is fetched
    },
  };
  try {
    new Worker('/', options).terminate();
  } catch {
    // Asked, or no workers at all.
  }
  return asked;
}

/** Whether a map can be drawn here: MapLibre draws with WebGL 2 in a module worker. */
export const canDraw = (): boolean =>
  document.createElement('canvas').getContext('webgl2') !== null && hasModuleWorkers();
