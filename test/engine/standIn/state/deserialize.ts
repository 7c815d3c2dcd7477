import type { Deployment, ResourceV3 } from "../../deployment.ts";
import { isList, isMap, type PropertyMap, Secret, Unknown, type Value } from "../values/value.ts";
import { readJsonValue, SECRET_SIGNATURE, SIGNATURE } from "../values/wire.ts";
import { makeCrypter } from "./crypter.ts";
import { makeState, type ResourceState } from "./resourceState.ts";

/** Decrypts a secret. */
export type Decrypt = (cipher: string) => string;

/** Reads the properties in a state file (pkg/resource/stack/deployment.go, `DeserializeProperties`). */
export const deserializeMap = (map: object | undefined, decrypt: Decrypt): PropertyMap =>
	Object.fromEntries(
		Object.entries(map ?? {}).map(([name, value]) => [name, deserializeValue(value, decrypt)]),
	);

function deserializeValue(json: unknown, decrypt: Decrypt): Value {
	if (Array.isArray(json)) return json.map((item) => deserializeValue(item, decrypt));
	if (typeof json !== "object" || json === null) return readJsonValue(json);
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

/** Reads the resources of a state file, in its order: dependencies come first. */
export const deserializeResources = (state: Deployment | undefined, decrypt: Decrypt): ResourceState[] =>
	(state?.deployment.resources ?? []).map((resource) => deserializeResource(resource, decrypt));

const STACK_TYPE = "pulumi:pulumi:Stack";

/** Reads the stack's outputs from an exported state; secrets are decrypted with the passphrase, or else "[secret]". */
export async function readStackOutputs(
	{ deployment }: Deployment,
	passphrase?: string,
): Promise<Record<string, unknown>> {
	const salt = deployment.secrets_providers?.state?.salt;
	const crypter = passphrase === undefined ? undefined : await makeCrypter(passphrase, salt);
	const stack = deployment.resources?.find(({ type }) => type === STACK_TYPE);
	const outputs = deserializeMap(stack?.outputs, (cipher) => crypter?.decrypt(cipher) ?? "null");
	return Object.fromEntries(
		Object.entries(outputs).map(([name, value]) => [name, toPlain(value, crypter !== undefined)]),
	);
}

function toPlain(value: Value, showSecrets: boolean): unknown {
	if (value instanceof Secret) return showSecrets ? toPlain(value.value, true) : "[secret]";
	if (value instanceof Unknown) return undefined;
	if (isList(value)) return value.map((item) => toPlain(item, showSecrets));
	if (!isMap(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toPlain(item, showSecrets)]));
}
