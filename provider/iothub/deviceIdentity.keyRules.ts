import { members } from "../http/json.ts";
import type { Fault, Values } from "../lifecycle/kind.ts";
import { isObject } from "../lifecycle/plain.ts";
import { fault } from "../lifecycle/rules.ts";
import { isUnknown } from "../lifecycle/unknown.ts";

/** The rules of a device's keys that only several properties together can break. */
export const KEY_RULES: readonly ((inputs: Values) => readonly Fault[])[] = [
	bothKeys,
	onlyWithSas,
	declaredOrDerived,
	rotatedOrDeclared,
];

function bothKeys(inputs: Values): readonly Fault[] {
	const keys = authentication(inputs)["symmetricKey"];
	if (!isObject(keys)) return [];
	const missing = ["primaryKey", "secondaryKey"].filter((name) => keys[name] === undefined);
	return missing.flatMap((name) =>
		fault(
			`authentication.symmetricKey.${name}`,
			"is missing; give both keys, or neither and the hub makes them",
		),
	);
}

function onlyWithSas(inputs: Values): readonly Fault[] {
	const { type, symmetricKey, derivedFrom, rotation } = authentication(inputs);
	if (type === "sas" || isUnknown(type)) return [];
	const complaint = (what: string) => `does not go with type "${type}"; leave ${what} out, or set type "sas"`;
	return [
		...(symmetricKey === undefined ? [] : fault("authentication.symmetricKey", complaint("the keys"))),
		...(derivedFrom === undefined ? [] : fault("authentication.derivedFrom", complaint("it"))),
		...(rotation === undefined ? [] : fault("authentication.rotation", complaint("it"))),
	];
}

function declaredOrDerived(inputs: Values): readonly Fault[] {
	const { symmetricKey, derivedFrom } = authentication(inputs);
	if (symmetricKey === undefined || derivedFrom === undefined) return [];
	return fault(
		"authentication.derivedFrom",
		"does not go with symmetricKey; a device's keys are declared or derived, leave one of the two out",
	);
}

function rotatedOrDeclared(inputs: Values): readonly Fault[] {
	const { symmetricKey, derivedFrom, rotation } = authentication(inputs);
	if (rotation === undefined || (symmetricKey === undefined && derivedFrom === undefined)) return [];
	return fault(
		"authentication.rotation",
		"does not go with keys of your own; to rotate these, declare another key for one slot at a time",
	);
}

function authentication(inputs: Values): Values {
	return members(inputs["authentication"]);
}
