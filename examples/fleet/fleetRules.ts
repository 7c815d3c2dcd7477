import type { Device, Entry, Fault } from "./device";

/** Looks at one entry among all of them. */
type Rule = (entry: Entry, fleet: Fleet) => readonly Fault[];

/** All entries by id; of two with the same id the first. */
type Fleet = ReadonlyMap<string, Entry>;

const RULES: readonly Rule[] = [uniqueId, knownParent, noLoop, reasonForDisabled, credentials];

/** What is wrong with entries that are each well written: how they go together, and how their members do. */
export function breaches(entries: readonly Entry[]): readonly Fault[] {
	const fleet = new Map(entries.toReversed().map((entry) => [entry.device.id, entry]));
	return entries.flatMap((entry) => RULES.flatMap((rule) => rule(entry, fleet)));
}

function uniqueId(entry: Entry, fleet: Fleet): readonly Fault[] {
	const first = fleet.get(entry.device.id) ?? entry;
	if (first === entry) return [];
	return fault(entry, "id", `id "${entry.device.id}" is taken already, in line ${first.place.line}`);
}

function knownParent(entry: Entry, fleet: Fleet): readonly Fault[] {
	const { parent } = entry.device;
	if (parent === undefined) return [];
	const found = fleet.get(parent);
	if (found === undefined) return fault(entry, "parent", `parent "${parent}" is not in this file`);
	if (found.device.edge) return [];
	return fault(
		entry,
		"parent",
		`parent "${parent}" is no gateway; line ${found.place.line} needs edge: true`,
	);
}

/** Each loop is told once, at the first of its devices in the file. */
function noLoop(entry: Entry, fleet: Fleet): readonly Fault[] {
	const loop = [entry];
	for (;;) {
		const next = fleet.get(loop.at(-1)?.device.parent ?? "");
		if (next === entry) break;
		if (next === undefined || loop.includes(next)) return [];
		loop.push(next);
	}
	if (loop.some(({ place }) => place.line < entry.place.line)) return [];
	const ids = [...loop, entry].map(({ device }) => device.id);
	return fault(entry, "parent", `parent leads back to the device itself: ${ids.join(" → ")}`);
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
		...strange.flatMap((name) => fault(entry, name, `${name} goes only with authentication selfSigned`)),
		...(keys === "hub" || authentication === "sas"
			? []
			: fault(entry, "keys", "keys go only with authentication sas")),
	];
}

function fault({ place, places }: Entry, member: keyof Device, text: string): readonly Fault[] {
	return [{ place: places[member] ?? place, text }];
}
