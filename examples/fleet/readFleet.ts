import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { isMap, isSeq, type Pair } from "yaml";
import type { Device, Entry, Fault } from "./device";
import { breaches } from "./fleetRules";
import { type ReadEntry, readEntry } from "./readEntry";
import { Source } from "./source";

/**
 * Returns the devices of a data file, parents before their children.
 *
 * @throws RunError with all errors in the file, each with its line and column
 */
export function readFleet(file: string): readonly Device[] {
	const source = new Source(textOf(file));
	const read = source.faults.length > 0 ? [] : readSites(source);
	const entries = read.flatMap(({ entry }) => entry ?? []);
	const faults = [...source.faults, ...read.flatMap((item) => item.faults), ...breaches(entries)];
	if (faults.length > 0) throw new RunError(report(basename(file), faults));
	return parentsFirst(entries);
}

function textOf(file: string): string {
	try {
		return readFileSync(file, "utf8");
	} catch (error) {
		throw new RunError(`The fleet's data file can't be read: ${(error as Error).message}`);
	}
}

function readSites(source: Source): readonly ReadEntry[] {
	const root = isMap(source.root) ? source.root.items : [];
	const sites = root.find(({ key }) => String(key) === "sites")?.value;
	if (!isMap(sites))
		return wrong(source, source.root, "`sites:` is missing; it must have a list of devices for each site");
	const strangers = root.filter(({ value }) => value !== sites);
	return [
		...strangers.flatMap(({ key }) => wrong(source, key, `${key} is unknown; the file has only sites`)),
		...sites.items.flatMap((site) => readSite(source, site)),
	];
}

function readSite(source: Source, { key, value }: Pair): readonly ReadEntry[] {
	if (!isSeq(value)) return wrong(source, key, "a site must be a list of devices, each after a dash");
	return value.items.map((item) => readEntry(source, String(key), item));
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
	const devices = new Map(entries.map(({ device }) => [device.name, device]));
	const depth = ({ parent }: Device): number => {
		const above = parent === undefined ? undefined : devices.get(parent);
		return above === undefined ? 0 : 1 + depth(above);
	};
	return [...devices.values()].toSorted((a, b) => depth(a) - depth(b));
}
