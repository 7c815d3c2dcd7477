import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { isMap, isScalar, isSeq } from "yaml";
import type { Device, Entry, Fault } from "./device";
import { breaches } from "./fleetRules";
import { type ReadEntry, readEntry } from "./readEntry";
import { Source } from "./source";

/**
 * Reads the data file of a fleet, parents before their children.
 *
 * @throws RunError with everything that is wrong in the file, each fault with its line and column
 */
export function readFleet(file: string): readonly Device[] {
	const source = new Source(readFileSync(file, "utf8"));
	const read = source.faults.length > 0 ? [] : readSites(source);
	const entries = read.flatMap(({ entry }) => entry ?? []);
	const faults = [...source.faults, ...read.flatMap((item) => item.faults)];
	const all = faults.length > 0 ? faults : breaches(entries);
	if (all.length > 0) throw new RunError(report(basename(file), all));
	return parentsFirst(entries);
}

function readSites(source: Source): readonly ReadEntry[] {
	const sites = isMap(source.root) ? source.root.get("sites", true) : undefined;
	if (!isMap(sites))
		return wrong(source, source.root, "there is no `sites:` with a list of devices for each site");
	return sites.items.flatMap(({ key, value }) => {
		if (!isSeq(value)) return wrong(source, key, "a site takes a list of devices, each line with a dash");
		const site = String(isScalar(key) ? key.value : key);
		return value.items.map((item) => readEntry(source, site, item));
	});
}

function wrong(source: Source, node: unknown, text: string): readonly ReadEntry[] {
	return [{ faults: [{ place: source.placeOf(node), text }] }];
}

function report(file: string, faults: readonly Fault[]): string {
	const sorted = faults.toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
	const lines = sorted.map(({ place, text }) => `  ${file}:${place.line}:${place.column}  ${text}`);
	const count = faults.length === 1 ? "a fault" : `${faults.length} faults`;
	return [`The fleet's data file has ${count}; nothing was declared.`, ...lines].join("\n");
}

function parentsFirst(entries: readonly Entry[]): readonly Device[] {
	const devices = new Map(entries.map(({ device }) => [device.id, device]));
	const depth = ({ parent }: Device): number => {
		const above = parent === undefined ? undefined : devices.get(parent);
		return above === undefined ? 0 : 1 + depth(above);
	};
	return [...devices.values()].toSorted((a, b) => depth(a) - depth(b));
}
