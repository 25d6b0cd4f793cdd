import { FileSource, PMTiles } from 'pmtiles';

/** A kept map, open for drawing. */
export type Drawn = { tiles: PMTiles; name: string; maxZoom: number; attribution: string };

/** Opens the file of a kept map. It throws for one that is none. */
export async function draw(file: File): Promise<Drawn> {
  const tiles = new PMTiles(new FileSource(file));
  const [{ maxZoom }, about] = await Promise.all([tiles.getHeader(), tiles.getMetadata()]);
  const { attribution = '' } = about as { attribution?: string };
  return { tiles, name: file.name, maxZoom, attribution };
}
