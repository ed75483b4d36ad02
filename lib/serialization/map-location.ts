import { Device, type DeviceLike, device } from '../device.js';
import { UnsupportedCheckpointError } from './errors.js';

/**
 * Where tensors go: one device for all, a device for each device that they were saved from, or a function that is told
 * that device and answers with another, or with null to leave it (`map_location`).
 */
export type MapLocation =
  | DeviceLike
  | ReadonlyMap<string, DeviceLike>
  | Readonly<Record<string, DeviceLike>>
  | ((location: string) => DeviceLike | null | undefined);

/** @throws UnsupportedCheckpointError when the file names a device that is none */
export function locate(mapLocation: MapLocation | null, location: string): Device {
  const wanted = mapped(mapLocation, location);
  if (wanted !== null) return device(wanted);
  try {
    return device(location);
  } catch (cause) {
    throw unavailable(location, cause);
  }
}

/** The error for a device that this machine does not have. */
export function unavailable(location: string, cause: unknown): UnsupportedCheckpointError {
  return new UnsupportedCheckpointError(
    `Attempting to deserialize object on device ${location}, which is not available here. ` +
      "Load it to another one: load(path, { mapLocation: 'cpu' })",
    { cause },
  );
}

function mapped(mapLocation: MapLocation | null, location: string): DeviceLike | null {
  if (mapLocation === null || typeof mapLocation === 'string' || mapLocation instanceof Device) {
    return mapLocation;
  }
  if (typeof mapLocation === 'function') return mapLocation(location) ?? null;
  if (mapLocation instanceof Map) return mapLocation.get(location) ?? null;
  const devices = mapLocation as Readonly<Record<string, DeviceLike>>;
  return Object.hasOwn(devices, location) ? (devices[location] ?? null) : null;
}
