import type { Answer } from "../http/answer.ts";
import type { Deadline } from "../http/deadline.ts";
import { isAmbiguous, ServiceError, UnreadableAnswer } from "../http/errors.ts";
import { respiteAfter } from "../http/respite.ts";
import { segment } from "../http/segment.ts";
import type { Live, Remote, Target } from "../lifecycle/kind.ts";
import { AnswerLost, HalfDone, ObjectExists, PreconditionFailed } from "../lifecycle/outcome.ts";
import type { Call, Client } from "./client.ts";
import type { DeviceCodec } from "./deviceIdentity.codec.ts";
import type { DeviceInputs } from "./deviceIdentity.inputs.ts";
import { withMadeKeys } from "./deviceIdentity.maker.ts";
import { refuseOther } from "./otherDevice.ts";
import { probeTwin, type TwinAccess } from "./twinProbe.ts";

/** What a conversation about devices needs. */
export interface DeviceRemoteOptions {
	readonly codec: DeviceCodec;
	readonly deadline: Deadline;
	/** Whether to disable a device that is to be deleted. */
	readonly disableOnDelete: boolean;
	/** The client of the hub in which the object with these properties lives. */
	clientOf(values: Target["values"]): Client;
	/** What is known of our access to the hub's twins. */
	readonly twins: TwinAccess;
	/** The etag of a device in a list of the hub's devices; undefined where that is not worth reading, or has none. */
	sweptEtag(client: Client, deviceId: string): Promise<string | undefined>;
}

type LiveDevice = Live<DeviceInputs>;

/** Milliseconds before a write is sent again whose answer was lost. */
const PAUSE = 1_000;

/** The identity registry of a hub as a lifecycle needs it. */
export function deviceRemote({
	codec,
	deadline,
	disableOnDelete,
	clientOf,
	twins,
	sweptEtag,
}: DeviceRemoteOptions): Remote<DeviceInputs> {
	const send = (
		target: Target,
		call: Pick<Call, "what" | "method" | "access"> & Partial<Call>,
	): Promise<Answer> =>
		clientOf(target.values).call({
			path: pathOf(target.id),
			apiVersion: codec.apiVersion,
			deadline,
			...call,
		});

	const find = async (target: Target): Promise<LiveDevice | undefined> => {
		const what = `reading device "${target.id}"`;
		try {
			const answer = await send(target, { what, method: "GET", access: "registryRead" });
			return decoded(answer, { codec, what, deviceId: target.id });
		} catch (error) {
			if (isGone(error)) return undefined;
			throw error;
		}
	};

	const put = async (
		target: Target,
		call: Pick<Call, "what" | "body"> & Partial<Call>,
	): Promise<LiveDevice> => {
		try {
			return decoded(await send(target, { method: "PUT", access: "registryWrite", ...call }), {
				codec,
				what: call.what,
				deviceId: target.id,
			});
		} catch (error) {
			throw outcomeOf(error);
		}
	};

	/** The device stays, as it is but disabled; one that is gone or disabled already is left. */
	const disable = async (target: Target, etag: string): Promise<void> => {
		const live = await find(target);
		if (live === undefined || isDisabled(live)) return;
		if (live.etag !== etag) throw new PreconditionFailed(`device "${target.id}" has another etag`);
		const what = `disabling device "${target.id}"`;
		const desired = { deviceId: target.id, hubHostName: "", ...live.values, status: "disabled" } as const;
		for (const { body } of codec.encodeUpdates(desired, live))
			await put(target, { what, body, ifMatch: etag });
	};

	const purge = async (target: Target, etag: string): Promise<void> => {
		const what = `deleting device "${target.id}"`;
		try {
			await send(target, { what, method: "DELETE", access: "registryWrite", ifMatch: etag });
		} catch (error) {
			if (!isGone(error)) throw outcomeOf(error);
		}
	};

	return {
		find,
		async probe(target, etag, how) {
			if (!codec.hasTwins || etag === "") return find(target);
			const client = clientOf(target.values);
			const swept = how === "recent" ? await sweptEtag(client, target.id) : undefined;
			if (swept !== undefined) return swept === etag ? "untouched" : find(target);
			const twin = await probeTwin(client, {
				deviceId: target.id,
				apiVersion: codec.apiVersion,
				deadline,
				access: twins,
			});
			return twin === etag ? "untouched" : find(target);
		},
		create(desired) {
			const target = { id: desired.deviceId, values: { hubHostName: desired.hubHostName } };
			const body = codec.encodeNew(withMadeKeys(desired));
			return put(target, { what: `creating device "${target.id}"`, body });
		},
		async write(desired, base) {
			const target = { id: desired.deviceId, values: { hubHostName: desired.hubHostName } };
			const what = `updating device "${target.id}"`;
			let live = base;
			for (const { body, leads } of codec.encodeUpdates(desired, base)) {
				live = await put(target, { what, body, ifMatch: live.etag }).catch((error: Error) => {
					throw live === base ? towards(leads, error) : new HalfDone(error, live);
				});
			}
			return live;
		},
		remove: (target, etag) => (disableOnDelete ? disable(target, etag) : purge(target, etag)),
		purge,
		isRemoved: (live) => disableOnDelete && isDisabled(live),
	};
}

function isDisabled({ values }: LiveDevice): boolean {
	return values.status === "disabled";
}

/** The path of a device; the id is one segment whatever characters it has. */
export function pathOf(deviceId: string): string {
	return `/devices/${segment(deviceId)}`;
}

/** Whether the service itself said that the device does not exist; a proxy's 404 proves nothing. */
export function isGone(error: unknown): error is ServiceError {
	return error instanceof ServiceError && error.status === 404 && error.serviceCode === "DeviceNotFound";
}

/**
 * The device in an answer.
 *
 * @param deviceId the device that was asked for
 * @throws UnreadableAnswer for an answer without a device, and for one with another device: a cache or a proxy mixed them up
 */
export function decoded(
	{ json, headers }: Answer,
	{ codec, what, deviceId }: { codec: DeviceCodec; what: string; deviceId: string },
): LiveDevice {
	const now = Date.parse(headers["date"] ?? "");
	const live = codec.decode(json, Number.isNaN(now) ? undefined : now);
	if (live === undefined) throw new UnreadableAnswer(`${what} failed: the answer is no device`, 200);
	refuseOther(live.values.deviceId, { what, deviceId });
	return live;
}

/** A lost answer, with what the device looks like if the write was carried out. */
function towards(leads: DeviceInputs, error: Error): Error {
	if (!(error instanceof AnswerLost) || !(error.cause instanceof Error)) return error;
	return new AnswerLost(error.cause, error.pause, { ...leads });
}

/** What the failure of a write means to a lifecycle. */
function outcomeOf(error: unknown): unknown {
	if (!(error instanceof Error)) return error;
	if (isAmbiguous(error)) return new AnswerLost(error, respiteAfter(error, PAUSE));
	if (!(error instanceof ServiceError)) return error;
	if (error.status === 409) return new ObjectExists(error.message, { cause: error });
	return error.status === 412 || isGone(error)
		? new PreconditionFailed(error.message, { cause: error })
		: error;
}
