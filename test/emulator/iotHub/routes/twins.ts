import { type Answer, createJsonAnswer } from "../../http/answer.ts";
import { getHeader } from "../../http/call.ts";
import { formatTwinEtag, readCondition, requireMatch } from "../condition.ts";
import type { IdentityRecord, ModuleRecord } from "../identity.ts";
import { requireId } from "../identityBody.ts";
import { requireModule } from "../modules.ts";
import { keepFormer } from "../queryIndex.ts";
import { patchTwin, replaceTwin } from "../twin.ts";
import { createTwinJson, readTwin } from "../twinJson.ts";
import { type HubCall, type Route, requireObjectBody } from "./route.ts";

type Write = typeof patchTwin;

function getTwin(hubCall: HubCall): Answer {
	return createTwinAnswer(hubCall, find(hubCall).module);
}

function writeTwin(write: Write): (hubCall: HubCall) => Answer {
	return (hubCall) => {
		const { target, module } = find(hubCall);
		const change = readTwin(requireObjectBody(hubCall.call));
		const { clock, switches } = hubCall.registry.setting;
		const condition = readCondition(getHeader(hubCall.call, "if-match"));
		requireMatch(condition, formatTwinEtag(target.twin.version - 1), switches.unquotedIfMatch);
		keepFormer(hubCall.registry.require(hubCall.ids.device), hubCall.registry.setting);
		target.twin = write(target.twin, change, new Date(clock.now()).toISOString());
		return createTwinAnswer(hubCall, module);
	};
}

const READ = { permission: "ServiceConnect", dataActions: ["twins/read"] } as const;
const WRITE = { permission: "ServiceConnect", dataActions: ["twins/write"] } as const;

/** IoT Hub REST 2021-04-12, "Devices" and "Modules": Get Twin, Update Twin, Replace Twin. */
export const twinRoutes: readonly Route[] = ["/twins/{id}", "/twins/{id}/modules/{mid}"].flatMap(
	(path): Route[] => [
		{ method: "GET", path, requirement: READ, meter: "twinRead", handle: getTwin },
		{ method: "PATCH", path, requirement: WRITE, meter: "twinWrite", handle: writeTwin(patchTwin) },
		{ method: "PUT", path, requirement: WRITE, meter: "twinWrite", handle: writeTwin(replaceTwin) },
	],
);

/** Creates a response with a twin, which unlike an identity's has no ETag header. */
function createTwinAnswer({ registry, ids }: HubCall, module: ModuleRecord | undefined): Answer {
	return createJsonAnswer(
		200,
		createTwinJson(registry.require(ids.device), registry.setting.switches.wire, module),
	);
}

function find({ registry, ids }: HubCall): { target: IdentityRecord; module: ModuleRecord | undefined } {
	requireId(ids.device);
	const device = registry.read(ids.device);
	const module = ids.module === "" ? undefined : requireModule(device, ids.module);
	return { target: module ?? device, module };
}
