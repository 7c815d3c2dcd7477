import type { Deployment } from "./deployment.ts";
import { makeCrypter } from "./standIn/state/crypter.ts";
import { deserializeMap } from "./standIn/state/deserialize.ts";
import { isList, isMap, Secret, Unknown, type Value } from "./standIn/values/value.ts";

const STACK_TYPE = "pulumi:pulumi:Stack";

/** Reads the stack's outputs from an exported state; with the passphrase secrets are told, else they read "[secret]". */
export async function readStackOutputs(
	{ deployment }: Deployment,
	passphrase?: string,
): Promise<Record<string, unknown>> {
	const salt = deployment.secrets_providers?.state?.salt;
	const crypter = passphrase === undefined ? undefined : await makeCrypter(passphrase, salt);
	const stack = deployment.resources?.find(({ type }) => type === STACK_TYPE);
	const outputs = deserializeMap(stack?.outputs, (cipher) => crypter?.decrypt(cipher) ?? "null");
	return Object.fromEntries(
		Object.entries(outputs).map(([name, value]) => [name, plain(value, crypter !== undefined)]),
	);
}

function plain(value: Value, showSecrets: boolean): unknown {
	if (value instanceof Secret) return showSecrets ? plain(value.value, true) : "[secret]";
	if (value instanceof Unknown) return undefined;
	if (isList(value)) return value.map((item) => plain(item, showSecrets));
	if (!isMap(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item, showSecrets)]));
}
