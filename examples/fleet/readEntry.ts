import { isMap, type Pair } from "yaml";
import type { Device, Entry, Fault, Place } from "./device";
import { DEFAULTS, isMember, MEMBERS } from "./members";
import type { Source } from "./source";

/** The result of reading one item of a site's list: the entry, unless it has no valid name, and its errors. */
export interface ReadEntry {
	readonly entry?: Entry;
	readonly faults: readonly Fault[];
}

/** Reads one item of a site's list. */
export function readEntry(source: Source, site: string, item: unknown): ReadEntry {
	const place = source.placeOf(item);
	if (!isMap(item))
		return { faults: [{ place, text: "this is not a device; write it like { name: pump-1 }" }] };
	const members = item.items.map((pair) => readMember(source, pair));
	const faults = members.flatMap(({ place, complaint }) =>
		complaint === undefined ? [] : [{ place, text: complaint }],
	);
	if (!item.has("name")) return { faults: [{ place, text: "name is missing" }, ...faults] };
	const good = members.filter(({ complaint }) => complaint === undefined);
	const values = Object.fromEntries(good.map(({ name, value }) => [name, value]));
	if (values["name"] === undefined) return { faults };
	const places = Object.fromEntries(members.map(({ name, place }) => [name, place]));
	// The name exists, and every member was checked by MEMBERS.
	const device = { ...DEFAULTS, id: values["name"], ...values, site } as Device;
	return { entry: { device, place, places, sound: faults.length === 0 }, faults };
}

interface ReadMember {
	readonly name: string;
	readonly value: unknown;
	readonly place: Place;
	readonly complaint: string | undefined;
}

function readMember(source: Source, { key, value: node }: Pair): ReadMember {
	const name = String(key);
	const value = source.valueOf(node);
	const place = source.placeOf(isMember(name) ? node : key);
	return { name, value, place, complaint: complaintAbout(name, value) };
}

function complaintAbout(name: string, value: unknown): string | undefined {
	if (!isMember(name)) return `${name} is unknown; a device has ${Object.keys(MEMBERS).join(", ")}`;
	const complaint = MEMBERS[name](value);
	return complaint && `${name} ${complaint}`;
}
