/**
 * `largest.process.ts text BYTES`: encodes a text of so many bytes as Pulumi's provider host does.
 * `largest.process.ts fleet`: creates the largest fleet that `check` accepts, on a hub in memory, and encodes its outputs.
 * Prints what came of it as JSON.
 */
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { parseMembers } from "../../../provider/fleet/declaredMembers.ts";
import { createFleetProvider } from "../../../provider/fleet/fleetProvider.ts";
import { SDK_MESSAGE_LIMITS } from "../../../provider/fleet/messageLimits.ts";
import { estimateStateBytes } from "../../../provider/fleet/size.ts";
import type { DeviceInputs } from "../../../provider/iothub/deviceIdentity.inputs.ts";
import { createDeviceIdentityType } from "../../../provider/iothub/deviceIdentity.type.ts";
import type { LiveObject, ResourceApi } from "../../../provider/resource/resourceType.ts";
import { createKey, createTestFleetType, HUB } from "../iothub/devices.ts";

/** A hub that makes every device. */
const remote: Pick<ResourceApi<DeviceInputs>, "create"> = {
	async create(desired): Promise<LiveObject<DeviceInputs>> {
		const generationId = String(639_309_409_091_000_000n + BigInt(Math.floor(Math.random() * 1e6)));
		const authentication = {
			type: "sas",
			symmetricKey: { primaryKey: createKey(1), secondaryKey: createKey(2) },
		} as const;
		return {
			etag: Buffer.from(String(Math.floor(Math.random() * 1e10))).toString("base64"),
			uid: generationId,
			values: { ...desired, status: "enabled", authentication, capabilities: { iotEdge: false } },
			computed: { generationId },
		};
	},
};

const kind = createTestFleetType(
	createDeviceIdentityType({
		apiVersion: "2021-04-12",
		storeCredentials: false,
		disableOnDelete: false,
		getDefaultHost: () => HUB,
		connect: () => remote as ResourceApi<DeviceInputs>,
	}),
);
const life = createFleetProvider(kind);

async function main([what, bytes]: readonly string[]): Promise<void> {
	if (what === "text") return print({ encoded: encoded({ text: "x".repeat(Number(bytes)) }) });
	const sample = parseMembers(textOf(10_000)) ?? new Map();
	const each =
		estimateStateBytes(kind, { fleetInputs: { hubHostName: HUB }, declaredMembers: sample }) / sample.size;
	const most = Math.floor(SDK_MESSAGE_LIMITS.maxStringBytes / each);
	const accepted = await life.check({}, fleet(Math.floor(most * 0.999)));
	const refused = await life.check({}, fleet(Math.ceil(most * 1.001)));
	const { outs } = await life.create(accepted.inputs);
	print({
		accepted: accepted.failures,
		refused: refused.failures.map(({ reason }) => reason),
		count: outs["count"],
		version: outs["__membersVersion"],
		state: Buffer.byteLength(String(outs["__members"])),
		encoded: encoded(outs),
		megabytes: Math.round(process.resourceUsage().maxRSS / 1_024),
	});
}

function fleet(count: number): { hubHostName: string; devices: string } {
	return { hubHostName: HUB, devices: textOf(count) };
}

function textOf(count: number): string {
	const ids = Array.from({ length: count }, (_, at) => `sensor-${1_000_000 + at}`);
	return JSON.stringify(Object.fromEntries(ids.map((id) => [id, {}])));
}

function encoded(values: Readonly<Record<string, unknown>>): number {
	return Struct.fromJavaScript({ ...values } as Parameters<typeof Struct.fromJavaScript>[0]).serializeBinary()
		.length;
}

function print(result: object): void {
	console.log(JSON.stringify(result));
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
