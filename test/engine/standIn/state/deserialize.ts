import type { Deployment, ResourceV3 } from "../../deployment.ts";
import { type PropertyMap, Secret, type Value } from "../values/value.ts";
import { fromJson, SECRET_SIGNATURE, SIGNATURE } from "../values/wire.ts";
import { makeState, type ResourceState } from "./resourceState.ts";

/** Opens the cipher text of a secret. */
export type Decrypt = (cipher: string) => string;

/** Reads a bag of a state file (pkg/resource/stack/deployment.go, `DeserializeProperties`). */
export const deserializeMap = (map: object | undefined, decrypt: Decrypt): PropertyMap =>
	Object.fromEntries(
		Object.entries(map ?? {}).map(([name, value]) => [name, deserializeValue(value, decrypt)]),
	);

function deserializeValue(json: unknown, decrypt: Decrypt): Value {
	if (Array.isArray(json)) return json.map((item) => deserializeValue(item, decrypt));
	if (typeof json !== "object" || json === null) return fromJson(json);
	const fields = new Map(Object.entries(json));
	if (fields.get(SIGNATURE) !== SECRET_SIGNATURE) return deserializeMap(json, decrypt);
	const plain = fields.get("plaintext") ?? decrypt(String(fields.get("ciphertext")));
	return new Secret(deserializeValue(JSON.parse(String(plain)), (text) => text));
}

/** Reads a resource of a state file. */
export function deserializeResource(resource: ResourceV3, decrypt: Decrypt): ResourceState {
	const { inputs, outputs, replacementTrigger, ...rest } = resource;
	return makeState({
		...rest,
		inputs: deserializeMap(inputs, decrypt),
		outputs: deserializeMap(outputs, decrypt),
		replacementTrigger: deserializeValue(replacementTrigger, decrypt),
	});
}

/** The resources of a state file, in its order: whatever a resource leans on comes before it. */
export const deserializeResources = (state: Deployment | undefined, decrypt: Decrypt): ResourceState[] =>
	(state?.deployment.resources ?? []).map((resource) => deserializeResource(resource, decrypt));
