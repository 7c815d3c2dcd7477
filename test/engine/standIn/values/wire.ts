import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isList, isMap, type PropertyMap, Secret, UNKNOWN, Unknown, type Value } from "./value.ts";

/** The name of the member with the kind of a special object (sdk/go/common/resource/sig). */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** The kind of an object that wraps a secret. */
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
/** The string for an unknown value on the wire and in the state of a preview. */
export const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e";

/** Called with every resource that an output value on the wire depends on. */
export type OnDependency = (urn: string) => void;

/** Reads the values that a program or a provider sent (pkg/resource/plugin/rpc.go, `UnmarshalProperties`). */
export const readStruct = (struct: Struct | undefined, onDependency?: OnDependency): PropertyMap =>
	struct === undefined ? {} : decodeMap(struct.toJavaScript(), onDependency);

const decodeMap = (map: object, onDependency?: OnDependency): PropertyMap =>
	Object.fromEntries(Object.entries(map).map(([name, value]) => [name, readJsonValue(value, onDependency)]));

/** Reads one value in the JSON format of the wire and the state file. */
export function readJsonValue(json: unknown, onDependency?: OnDependency): Value {
	if (json === UNKNOWN_TEXT) return UNKNOWN;
	if (typeof json === "string" || typeof json === "number" || typeof json === "boolean") return json;
	if (Array.isArray(json)) return json.map((item) => readJsonValue(item, onDependency));
	if (typeof json !== "object" || json === null) return null;
	const map = decodeMap(json, onDependency);
	if (map[SIGNATURE] === SECRET_SIGNATURE) return new Secret(map["value"] ?? null);
	return map[SIGNATURE] === OUTPUT_SIGNATURE ? readOutput(map, onDependency) : map;
}

function readOutput(output: PropertyMap, onDependency?: OnDependency): Value {
	const dependencies = output["dependencies"];
	if (isList(dependencies)) for (const urn of dependencies) onDependency?.(String(urn));
	const value = "value" in output ? (output["value"] ?? null) : UNKNOWN;
	return output["secret"] === true ? new Secret(value) : value;
}

/** The features of a receiver; unsupported values are sent in a plainer form. */
export interface Receiver {
	readonly secrets: boolean;
	readonly unknowns: boolean;
	readonly resources: boolean;
}

/** Returns the features of the dynamic provider, which supports none (`acceptSecrets: false`, sdk/nodejs/cmd/dynamic-provider). */
export const createPlainReceiver = (unknowns: boolean): Receiver => ({
	secrets: false,
	unknowns,
	resources: false,
});

/** Writes a property map for a program or a provider, with sorted names (`MarshalProperties`). */
export const toStruct = (map: PropertyMap, receiver: Receiver): Struct =>
	Struct.fromJavaScript(encodeMap(map, receiver));

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

function encodeMap(map: PropertyMap, receiver: Receiver): { [name: string]: Json } {
	const names = Object.keys(map).sort();
	const entries = names.map((name) => [name, encode(map[name] ?? null, receiver)] as const);
	return Object.fromEntries(entries.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

function encode(value: Value, receiver: Receiver): Json | undefined {
	if (value instanceof Unknown) return receiver.unknowns ? UNKNOWN_TEXT : undefined;
	if (value instanceof Secret) return encodeSecret(value, receiver);
	if (isList(value)) return value.map((item) => encode(item, receiver)).filter((item) => item !== undefined);
	if (!isMap(value)) return value;
	if (value[SIGNATURE] === RESOURCE_SIGNATURE && !receiver.resources) return formatReference(value);
	return encodeMap(value, receiver);
}

function encodeSecret(secret: Secret, receiver: Receiver): Json | undefined {
	const inner = encode(secret.value, receiver);
	if (!receiver.secrets || inner === undefined) return inner;
	return { [SIGNATURE]: SECRET_SIGNATURE, value: inner };
}

const formatReference = (reference: PropertyMap): string =>
	String("id" in reference ? reference["id"] : reference["urn"]);
