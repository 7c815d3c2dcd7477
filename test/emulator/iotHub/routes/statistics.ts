import { type Answer, createJsonAnswer } from "../../http/answer.ts";
import { listIndexedDevices } from "../queryIndex.ts";
import type { HubCall, Route } from "./route.ts";

function answerRegistryStatistics({ registry }: HubCall): Answer {
	const devices = listIndexedDevices(registry);
	const enabledDeviceCount = devices.filter((device) => device.status === "enabled").length;
	const totalDeviceCount = devices.length;
	return createJsonAnswer(200, {
		totalDeviceCount,
		enabledDeviceCount,
		disabledDeviceCount: totalDeviceCount - enabledDeviceCount,
	});
}

function answerServiceStatistics({ registry }: HubCall): Answer {
	const connected = [...registry.devices.values()].filter((device) => device.connected);
	return createJsonAnswer(200, { connectedDeviceCount: connected.length });
}

const READ = { permission: "RegistryRead", dataActions: ["statistics/read"] } as const;

/** IoT Hub REST 2021-04-12, "Statistics"; they lag as the query index does. */
export const statisticsRoutes: readonly Route[] = [
	{
		method: "GET",
		path: "/statistics/devices",
		requirement: READ,
		meter: "registry",
		in2015: true,
		handle: answerRegistryStatistics,
	},
	{
		method: "GET",
		path: "/statistics/service",
		requirement: READ,
		meter: "registry",
		in2015: true,
		handle: answerServiceStatistics,
	},
];
