import type { CheckFailure } from "../resource/schema.ts";
import { failCheck } from "../resource/validators.ts";
import { asObject, isObject, isUnknown, type Values } from "../values.ts";

/** The rules of a device's keys that only several properties together can break. */
export const KEY_RULES: readonly ((inputs: Values) => readonly CheckFailure[])[] = [
	requireBothKeys,
	requireSasForKeys,
	forbidDeclaredAndDerivedKeys,
	forbidRotationOfDeclaredKeys,
];

function requireBothKeys(inputs: Values): readonly CheckFailure[] {
	const keys = getAuthentication(inputs)["symmetricKey"];
	if (!isObject(keys)) return [];
	const missing = ["primaryKey", "secondaryKey"].filter((name) => keys[name] === undefined);
	return missing.flatMap((name) =>
		failCheck(
			`authentication.symmetricKey.${name}`,
			"is missing; give both keys, or neither and the hub makes them",
		),
	);
}

function requireSasForKeys(inputs: Values): readonly CheckFailure[] {
	const { type, symmetricKey, derivedFrom, rotation } = getAuthentication(inputs);
	if (type === "sas" || isUnknown(type)) return [];
	const describeConflict = (what: string) =>
		`does not go with type "${type}"; leave ${what} out, or set type "sas"`;
	return [
		...(symmetricKey === undefined
			? []
			: failCheck("authentication.symmetricKey", describeConflict("the keys"))),
		...(derivedFrom === undefined ? [] : failCheck("authentication.derivedFrom", describeConflict("it"))),
		...(rotation === undefined ? [] : failCheck("authentication.rotation", describeConflict("it"))),
	];
}

function forbidDeclaredAndDerivedKeys(inputs: Values): readonly CheckFailure[] {
	const { symmetricKey, derivedFrom } = getAuthentication(inputs);
	if (symmetricKey === undefined || derivedFrom === undefined) return [];
	return failCheck(
		"authentication.derivedFrom",
		"does not go with symmetricKey; a device's keys are declared or derived, leave one of the two out",
	);
}

function forbidRotationOfDeclaredKeys(inputs: Values): readonly CheckFailure[] {
	const { symmetricKey, derivedFrom, rotation } = getAuthentication(inputs);
	if (rotation === undefined || (symmetricKey === undefined && derivedFrom === undefined)) return [];
	return failCheck(
		"authentication.rotation",
		"does not go with keys of your own; to rotate these, declare another key for one slot at a time",
	);
}

function getAuthentication(inputs: Values): Values {
	return asObject(inputs["authentication"]);
}
