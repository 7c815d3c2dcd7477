import { hashResource } from "../../../../provider/hiddenInputs.ts";
import { RECORD_OUTPUT } from "../../../../provider/stateKeys.ts";
import type { Values } from "../../../contract/subject/subject.ts";
import { type Id, NAMES, type Name } from "./step.ts";

/** A resource as state has it. */
export interface Entry {
	name: Name;
	id: string;
	inputs: Values;
	outputs: Values;
	initErrors: readonly string[];
	/** Set on what a replacement left to be deleted. */
	isDoomed: boolean;
	/** Set where a replacement deleted the object and did not create its successor yet. */
	isDeleted: boolean;
}

/** A device that a record holds. */
export interface Held {
	readonly id: Id;
	/** Its generation. */
	readonly incarnation: string;
	readonly etag: string;
	/** Of the record. */
	readonly name: Name;
	readonly isDoomed: boolean;
	/** Whether the record's mark says the name that it has; those of release 0.1 have none, and an alias leaves the former name. */
	readonly isMarked: boolean;
}

/** The devices that records hold; those that a replacement deleted are held no longer. */
export function listHeld(entries: readonly Entry[]): readonly Held[] {
	return listNamed(entries.filter(({ isDeleted }) => !isDeleted));
}

/** The devices that records name, whether or not a replacement deleted them. */
export function listNamed(entries: readonly Entry[]): readonly Held[] {
	return entries.flatMap((entry) => [...listDevices(entry)]);
}

function* listDevices(entry: Entry): Generator<Held> {
	const { outputs, name, isDoomed } = entry;
	const record = {
		name,
		isDoomed,
		isMarked: String(outputs[RECORD_OUTPUT]).endsWith(`/${hashResource(NAMES[name], name)}`),
	};
	if (outputs["__members"] === undefined) {
		const { deviceId, generationId, etag } = outputs;
		yield { id: deviceId as Id, incarnation: String(generationId), etag: String(etag), ...record };
		return;
	}
	const members = JSON.parse(String(outputs["__members"])) as Record<Id, Record<string, unknown>>;
	for (const [id, { g, e }] of Object.entries(members))
		yield { id: id as Id, incarnation: String(g), etag: String(e), ...record };
}
