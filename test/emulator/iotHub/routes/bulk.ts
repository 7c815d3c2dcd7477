import { type Answer, createJsonAnswer } from "../../http/answer.ts";
import type { Call } from "../../http/call.ts";
import { parseJson } from "../../json.ts";
import { applyBulk } from "../bulk.ts";
import { requireArrayBody } from "./bodyOf.ts";
import type { HubCall, Route } from "./route.ts";

/** A failed item makes it 400, with the result as body where other errors have an envelope. */
function bulk({ call, registry }: HubCall): Answer {
	const result = applyBulk(requireArrayBody(call), registry);
	return createJsonAnswer(result.isSuccessful ? 200 : 400, result);
}

/** The throttle counts every item. */
function itemsOf(call: Call): number {
	const value = parseJson(call.body);
	return Array.isArray(value) ? Math.max(1, value.length) : 1;
}

/** IoT Hub REST 2021-04-12, "Bulk Registry": Update Registry. */
export const bulkRoutes: readonly Route[] = [
	{
		method: "POST",
		path: "/devices",
		requirement: { permission: "RegistryWrite", dataActions: ["devices/write", "devices/delete"] },
		meter: "registry",
		cost: itemsOf,
		handle: bulk,
	},
];
