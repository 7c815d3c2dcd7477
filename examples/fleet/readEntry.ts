import { isMap, isScalar, type Pair } from "yaml";
import type { Device, Entry, Fault, Place } from "./device";
import { DEFAULTS, isMember, MEMBERS } from "./members";
import type { Source } from "./source";

/** What became of one item of a site's list: an entry, or what is wrong with it. */
export interface ReadEntry {
	readonly entry?: Entry;
	readonly faults: readonly Fault[];
}

/** Reads one item of a site's list. */
export function readEntry(source: Source, site: string, item: unknown): ReadEntry {
	const place = source.placeOf(item);
	if (!isMap(item)) return { faults: [{ place, text: "this is no device; write it like { id: pump-1 }" }] };
	const members = item.items.map((pair) => readMember(source, pair));
	const faults = members.flatMap(({ place, complaint }) =>
		complaint === undefined ? [] : [{ place, text: complaint }],
	);
	if (!item.has("id")) return { faults: [{ place, text: "id is missing" }, ...faults] };
	if (faults.length > 0) return { faults };
	const values = Object.fromEntries(members.map(({ name, value }) => [name, value]));
	const places = Object.fromEntries(members.map(({ name, place }) => [name, place]));
	// There is an id, and every member has been held against MEMBERS.
	const device = { ...DEFAULTS, ...values, site } as Device;
	return { entry: { device, place, places }, faults };
}

interface ReadMember {
	readonly name: string;
	readonly value: unknown;
	readonly place: Place;
	readonly complaint: string | undefined;
}

function readMember(source: Source, { key, value: node }: Pair): ReadMember {
	const name = String(isScalar(key) ? key.value : key);
	const value = source.valueOf(node);
	const place = source.placeOf(isMember(name) ? node : key);
	return { name, value, place, complaint: complaintAbout(name, value) };
}

function complaintAbout(name: string, value: unknown): string | undefined {
	if (!isMember(name)) return `${name} is unknown; a device has ${Object.keys(MEMBERS).join(", ")}`;
	const complaint = MEMBERS[name](value);
	return complaint && `${name} ${complaint}`;
}
