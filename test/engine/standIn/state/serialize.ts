import type { Json, ResourceV3 } from "../../deployment.ts";
import { isList, isMap, type PropertyMap, Secret, Unknown, type Value } from "../values/value.ts";
import { SECRET_SIGNATURE, SIGNATURE, UNKNOWN_TEXT } from "../values/wire.ts";
import type { ResourceState } from "./resourceState.ts";

/** Converts the JSON of a secret to the form in the state file. */
export type Encrypt = (secret: Secret, plain: string) => string;

/** Encrypts; the same secret object always has the same ciphertext, so that unchanged states stay unchanged. */
export function rememberCiphertexts(encrypt: (plain: string) => string): Encrypt {
	const known = new WeakMap<Secret, string>();
	return (secret, plain) => {
		const text = known.get(secret) ?? encrypt(plain);
		known.set(secret, text);
		return text;
	};
}

/** Writes a value for a state file, with sorted names (pkg/resource/stack/deployment.go, `SerializePropertyValue`). */
export function serializeValue(value: Value, encrypt: Encrypt): Json {
	if (value instanceof Unknown) return UNKNOWN_TEXT;
	if (value instanceof Secret) return serializeSecret(value, encrypt);
	if (isList(value)) return value.map((item) => serializeValue(item, encrypt));
	return isMap(value) ? serializeMap(value, encrypt) : value;
}

const serializeMap = (map: PropertyMap, encrypt: Encrypt): { [name: string]: Json } =>
	Object.fromEntries(
		Object.keys(map)
			.sort()
			.map((name) => [name, serializeValue(map[name] ?? null, encrypt)]),
	);

function serializeSecret(secret: Secret, encrypt: Encrypt): Json {
	const plain = JSON.stringify(serializeValue(secret.value, (_, text) => text));
	return { [SIGNATURE]: SECRET_SIGNATURE, ciphertext: encrypt(secret, plain) };
}

/** Writes a resource for a state file, without empty members (`SerializeResource`). */
export function serializeResource(state: ResourceState, encrypt: Encrypt): ResourceV3 {
	const { urn, custom, type, inputs, outputs, replacementTrigger, ...rest } = state;
	return {
		urn,
		custom,
		type,
		...present({
			...rest,
			inputs: serializeMap(inputs, encrypt),
			outputs: serializeMap(outputs ?? {}, encrypt),
			replacementTrigger: serializeValue(replacementTrigger, encrypt),
		}),
	};
}

const present = (fields: object): object =>
	Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));

function isEmpty(value: unknown): boolean {
	if (value === undefined || value === null || value === false || value === "") return true;
	if (Array.isArray(value)) return value.length === 0;
	return typeof value === "object" && Object.keys(value).length === 0;
}
