import type { Deadline } from "../http/deadline.ts";
import { PartiallyApplied, PreconditionFailed, ResponseLost } from "../resource/errors.ts";
import type { Consistency, CrudOperation, ResourceApi, Target } from "../resource/resourceType.ts";
import { asString } from "../values.ts";
import { addGeneratedKeys } from "./deviceIdentity.creationProof.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { deleteDevice, findDevice, type LiveDevice, putDevice } from "./deviceIdentity.requests.ts";
import type { DeviceBody } from "./deviceIdentity.wire.ts";
import type { HubOperationContext } from "./operationContext.ts";
import type { HubOperations } from "./operations.ts";
import { readTwinEtag } from "./twinEtag.ts";
import { restoreSentKeys } from "./withheldKeys.ts";

/** The part of {@link HubOperations} that a {@link DeviceApi} uses. */
export type DeviceOperations = Pick<
	HubOperations,
	"createContext" | "createDeadline" | "readListedEtag" | "twinAccess"
>;

/** Settings of a {@link DeviceApi}. */
export interface DeviceApiOptions {
	/** Whether `delete` disables the device instead. */
	readonly disableOnDelete: boolean;
}

/** The identity registry of IoT Hub, for one operation. */
export class DeviceApi implements ResourceApi<DeviceInputs> {
	readonly #operations: DeviceOperations;
	readonly #deadline: Deadline;
	readonly #disableOnDelete: boolean;

	constructor(operations: DeviceOperations, operation: CrudOperation, { disableOnDelete }: DeviceApiOptions) {
		this.#operations = operations;
		this.#deadline = operations.createDeadline(operation);
		this.#disableOnDelete = disableOnDelete;
	}

	/** Reads the device; undefined if the hub has none with this id. */
	async get(target: Target): Promise<LiveDevice | undefined> {
		return findDevice(this.#createContext(target), target.id);
	}

	/** Compares the etag with the one in a list or in the device's twin, and reads the device if they differ. */
	async getIfChanged(
		target: Target,
		etag: string,
		consistency: Consistency,
	): Promise<LiveDevice | "unchanged" | undefined> {
		const context = this.#createContext(target);
		if (!context.codec.hasTwins || etag === "") return findDevice(context, target.id);
		const currentEtag = await this.#readCurrentEtag(context, target.id, consistency);
		if (currentEtag === etag) return "unchanged";
		const live = await findDevice(context, target.id);
		this.#operations.twinAccess.confirmDeviceRead(context.client.hub.hostName);
		return live;
	}

	/** Creates the device; throws ObjectExists if a device with this id exists. */
	async create(desired: DeviceInputs): Promise<LiveDevice> {
		const context = this.#createContext(toTarget(desired));
		const operationName = `creating device "${desired.deviceId}"`;
		const inputs = addGeneratedKeys(desired);
		const body = context.codec.encodeCreate(inputs);
		return restoreSentKeys(await putDevice(context, desired.deviceId, { operationName, body }), inputs);
	}

	/** Replaces the device under the etag of `base`. Throws KeysWithheld if the hub would generate keys that nobody declares. */
	async update(desired: DeviceInputs, base: LiveDevice): Promise<LiveDevice> {
		const context = this.#createContext(toTarget(desired));
		const operationName = `updating device "${desired.deviceId}"`;
		let live = base;
		for (const { body, resultingInputs } of context.codec.encodeUpdates(desired, base)) {
			const request = { operationName, body, ifMatch: live.etag };
			const written = await putDevice(context, desired.deviceId, request).catch((error: Error) => {
				throw live === base
					? attachResultingInputs(resultingInputs, error)
					: new PartiallyApplied(error, live);
			});
			live = restoreSentKeys(written, desired);
		}
		return live;
	}

	/** Deletes the device under this etag, or disables it if the stack is set to disable devices. */
	async delete(target: Target, etag: string): Promise<void> {
		const context = this.#createContext(target);
		await (this.#disableOnDelete
			? disableDevice(context, target.id, etag)
			: deleteDevice(context, target.id, etag));
	}

	/** Deletes the device under this etag, even if the stack is set to disable devices. */
	async purge(target: Target, etag: string): Promise<void> {
		await deleteDevice(this.#createContext(target), target.id, etag);
	}

	/** Whether the device is as `delete` leaves it. */
	countsAsDeleted(live: LiveDevice): boolean {
		return this.#disableOnDelete && isDisabled(live);
	}

	#createContext({ values }: Target): HubOperationContext {
		return this.#operations.createContext(asString(values["hubHostName"]), this.#deadline);
	}

	async #readCurrentEtag(
		context: HubOperationContext,
		deviceId: string,
		consistency: Consistency,
	): Promise<string | undefined> {
		const listedEtag =
			consistency === "eventual" ? await this.#operations.readListedEtag(context, deviceId) : undefined;
		return listedEtag ?? readTwinEtag(context, deviceId, this.#operations.twinAccess);
	}
}

function toTarget({ deviceId, hubHostName }: DeviceInputs): Target {
	return { id: deviceId, values: { hubHostName } };
}

function isDisabled({ values }: LiveDevice): boolean {
	return values.status === "disabled";
}

/** Disables the device; does nothing if it does not exist or is already disabled. */
async function disableDevice(context: HubOperationContext, deviceId: string, etag: string): Promise<void> {
	const live = await findDevice(context, deviceId);
	if (live === undefined || isDisabled(live)) return;
	if (live.etag !== etag) throw new PreconditionFailed(`device "${deviceId}" has a different etag`);
	const operationName = `disabling device "${deviceId}"`;
	const desired = { deviceId, ...live.values, status: "disabled" } as const;
	for (const { body } of context.codec.encodeUpdates(desired, live))
		await putDevice(context, deviceId, { operationName, body, ifMatch: etag });
}

/** Adds to a lost response the inputs that the device has if the write was applied. */
function attachResultingInputs(resultingInputs: DeviceBody, error: Error): Error {
	if (!(error instanceof ResponseLost) || !(error.cause instanceof Error)) return error;
	const { cause, pauseMs, refusal } = error;
	return new ResponseLost(cause, pauseMs, { step: { ...resultingInputs }, refusal });
}
