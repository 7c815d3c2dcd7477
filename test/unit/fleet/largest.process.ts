/**
 * `largest.process.ts text BYTES`: encodes a string of this many bytes as Pulumi's provider host does.
 * `largest.process.ts fleet`: creates the largest fleet that `check` accepts, on a hub in memory, and encodes its outputs.
 * Prints the results as JSON.
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

let created = 0;

/** A hub that creates every device, with a generation id and an etag of the usual length. */
const api: Pick<ResourceApi<DeviceInputs>, "create"> = {
	async create(desired): Promise<LiveObject<DeviceInputs>> {
		created += 1;
		const generationId = String(639_309_409_091_000_000n + BigInt(created));
		const authentication = {
			type: "sas",
			symmetricKey: { primaryKey: createKey(1), secondaryKey: createKey(2) },
		} as const;
		return {
			etag: Buffer.from(String(1_000_000_000 + created)).toString("base64"),
			uid: generationId,
			values: { ...desired, status: "enabled", authentication, capabilities: { iotEdge: false } },
			computed: { generationId },
		};
	},
};

const fleetType = createTestFleetType(
	createDeviceIdentityType({
		apiVersion: "2021-04-12",
		storeCredentials: false,
		disableOnDelete: false,
		getDefaultHost: () => HUB,
		connect: () => api as ResourceApi<DeviceInputs>,
	}),
);
const provider = createFleetProvider(fleetType);

async function main([mode, bytes]: readonly string[]): Promise<void> {
	if (mode === "text") return print({ encoded: countEncodedBytes({ text: "x".repeat(Number(bytes)) }) });
	const sample = parseMembers(stringifyDevices(10_000)) ?? new Map();
	const bytesPerMember =
		estimateStateBytes(fleetType, { fleetInputs: { hubHostName: HUB }, declaredMembers: sample }) /
		sample.size;
	const maxCount = Math.floor(SDK_MESSAGE_LIMITS.maxStringBytes / bytesPerMember);
	const accepted = await provider.check({}, declareFleet(Math.floor(maxCount * 0.999)));
	const refused = await provider.check({}, declareFleet(Math.ceil(maxCount * 1.001)));
	const { outs } = await provider.create(accepted.inputs);
	print({
		accepted: accepted.failures,
		refused: refused.failures.map(({ reason }) => reason),
		count: outs["count"],
		version: outs["__membersVersion"],
		state: Buffer.byteLength(String(outs["__members"])),
		encoded: countEncodedBytes(outs),
		megabytes: Math.round(process.resourceUsage().maxRSS / 1_024),
	});
}

function declareFleet(count: number): { hubHostName: string; devices: string } {
	return { hubHostName: HUB, devices: stringifyDevices(count) };
}

function stringifyDevices(count: number): string {
	const ids = Array.from({ length: count }, (_, index) => `sensor-${1_000_000 + index}`);
	return JSON.stringify(Object.fromEntries(ids.map((id) => [id, {}])));
}

function countEncodedBytes(values: Readonly<Record<string, unknown>>): number {
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
