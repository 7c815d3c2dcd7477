import type { Device, Entry, Fault } from "./device";

/** All entries by name; for a repeated name, the first entry. */
type Fleet = ReadonlyMap<string, Entry>;

/** The rules between entries. */
const AMONG: readonly ((entry: Entry, fleet: Fleet) => readonly Fault[])[] = [
	uniqueName,
	uniqueId,
	knownParent,
	noLoop,
];

/** The rules between the members of one entry; not applied to an entry with invalid members. */
const WITHIN: readonly ((entry: Entry) => readonly Fault[])[] = [reasonForDisabled, credentials];

/** Returns the errors of entries that are not errors of a single value. */
export function breaches(entries: readonly Entry[]): readonly Fault[] {
	const fleet = new Map(entries.toReversed().map((entry) => [entry.device.name, entry]));
	return entries.flatMap((entry) => [
		...AMONG.flatMap((rule) => rule(entry, fleet)),
		...(entry.sound ? WITHIN.flatMap((rule) => rule(entry)) : []),
	]);
}

function uniqueName(entry: Entry, fleet: Fleet): readonly Fault[] {
	const { name } = entry.device;
	const first = fleet.get(name) ?? entry;
	if (first === entry) return [];
	return fault(entry, "name", `name "${name}" is taken already, in line ${first.place.line}`);
}

function uniqueId(entry: Entry, fleet: Fleet): readonly Fault[] {
	const { id, name } = entry.device;
	const first = [...fleet.values()].find(({ device }) => device.id === id && device.name !== name);
	if (first === undefined || first.place.line > entry.place.line) return [];
	return fault(entry, "id", `id "${id}" is taken already, in line ${first.place.line}`);
}

function knownParent(entry: Entry, fleet: Fleet): readonly Fault[] {
	const { parent } = entry.device;
	if (parent === undefined) return [];
	const found = fleet.get(parent);
	if (found === undefined) return fault(entry, "parent", `parent "${parent}" is not in this file`);
	if (found.device.edge || !found.sound) return [];
	return fault(
		entry,
		"parent",
		`parent "${parent}" is not a gateway; line ${found.place.line} needs edge: true`,
	);
}

/** Reports each loop once, at the first of its devices in the file. */
function noLoop(entry: Entry, fleet: Fleet): readonly Fault[] {
	const loop = [entry];
	for (;;) {
		const next = fleet.get(loop.at(-1)?.device.parent ?? "");
		if (next === entry) break;
		if (next === undefined || loop.includes(next)) return [];
		loop.push(next);
	}
	if (loop.some(({ place }) => place.line < entry.place.line)) return [];
	const names = [...loop, entry].map(({ device }) => device.name);
	return fault(entry, "parent", `parent leads back to the device itself: ${names.join(" → ")}`);
}

function reasonForDisabled(entry: Entry): readonly Fault[] {
	const { status, reason } = entry.device;
	if (status === "enabled" || reason !== undefined) return [];
	return fault(entry, "status", "status disabled needs a reason");
}

function credentials(entry: Entry): readonly Fault[] {
	const { authentication, keys, thumbprint } = entry.device;
	if (authentication === "selfSigned" && thumbprint === undefined) {
		return fault(entry, "authentication", "authentication selfSigned needs a thumbprint");
	}
	const thumbprints = authentication === "selfSigned" ? [] : (["thumbprint", "nextThumbprint"] as const);
	const strange = thumbprints.filter((name) => entry.device[name] !== undefined);
	return [
		...strange.flatMap((name) =>
			fault(entry, name, `${name} can only be used with authentication selfSigned`),
		),
		...(keys === "hub" || authentication === "sas"
			? []
			: fault(entry, "keys", "keys go only with authentication sas")),
	];
}

function fault({ place, places }: Entry, member: keyof Device, text: string): readonly Fault[] {
	return [{ place: places[member] ?? place, text }];
}
