import { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Values } from "../subject/subject.ts";

/**
 * The properties as they come out of the wire between engine and provider host, a protobuf struct. What the wire can't
 * carry (undefined, functions, big integers) throws here as it does there.
 */
export function passOverWire(properties: Values): Record<string, unknown> {
	const carried = Struct.deserializeBinary(Struct.fromJavaScript(copyProperties(properties)).serializeBinary());
	return carried.toJavaScript();
}

type Carried = Parameters<typeof Struct.fromJavaScript>[0];

/** The declared type wants JSON; whether it is some is for the struct itself to find out. */
function copyProperties(properties: Values): Carried {
	return { ...properties } as Carried;
}
