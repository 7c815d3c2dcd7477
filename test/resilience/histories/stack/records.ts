import { hashResource } from "../../../../provider/hiddenInputs.ts";
import { RECORD_OUTPUT } from "../../../../provider/stateKeys.ts";
import type { Values } from "../../../contract/subject/subject.ts";
import { type Id, NAMES, type Name } from "./step.ts";

/** A resource in state. */
export interface Entry {
	name: Name;
	id: string;
	inputs: Values;
	outputs: Values;
	initErrors: readonly string[];
	/** Set if a replacement left it to be deleted. */
	isDoomed: boolean;
	/** Set if a replacement deleted the object and has not created its successor yet. */
	isDeleted: boolean;
}

/** A device that a record holds. */
export interface Held {
	readonly id: Id;
	/** The generation. */
	readonly incarnation: string;
	readonly etag: string;
	/** The name of the record. */
	readonly name: Name;
	readonly isDoomed: boolean;
	/**
	 * Whether the record's mark matches its name. Records of release 0.1 have no mark, and an alias leaves the former
	 * name in it.
	 */
	readonly isMarked: boolean;
}

/** Lists the devices that records hold, without those that a replacement deleted. */
export function listHeld(entries: readonly Entry[]): readonly Held[] {
	return listNamed(entries.filter(({ isDeleted }) => !isDeleted));
}

/** Lists the devices that records name, including those that a replacement deleted. */
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
