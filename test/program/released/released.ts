import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Deployment } from "../../engine/index.ts";
import type { Site } from "../site.ts";

/** The folder of the states, with a folder for each release. */
export const STATES = resolve(__dirname, "../../fixtures/state");

/** The program and the services of a deployed state. */
export interface Deployed {
	/** The test program, and its configuration value that has the declarations. */
	readonly program: "devices" | "machines" | "fleet" | "kiosks";
	readonly key: "devices" | "machines";
	readonly declared: Readonly<Record<string, object>>;
	/** Other configuration. */
	readonly config: Readonly<Record<string, string>>;
	/** The addresses of the services: a refresh uses the configuration in state. */
	readonly at: { readonly hub: string; readonly graph: string };
	readonly devices: ReturnType<Site["emulator"]["control"]["devices"]["list"]>;
	readonly machines: ReturnType<Site["emulator"]["control"]["machines"]["list"]>;
}

/** A state of a release with its name and its deployment. */
export interface Released {
	readonly release: string;
	readonly name: string;
	readonly state: Deployment;
	readonly deployed: Deployed;
}

/** Lists all states. */
export function listReleased(): readonly Released[] {
	return readdirSync(STATES).flatMap((release) => {
		const read = (file: string) => JSON.parse(readFileSync(join(STATES, release, file), "utf8"));
		const names = readdirSync(join(STATES, release))
			.filter((file) => file.endsWith(".state.json"))
			.map((file) => file.slice(0, -".state.json".length));
		return names.map((name) => ({
			release,
			name,
			state: read(`${name}.state.json`),
			deployed: read(`${name}.deployed.json`),
		}));
	});
}

/**
 * Restores the services to what the state was deployed to.
 *
 * @returns the state with the current addresses, and the etags and generations that no client of a hub can set
 */
export function restoreDeployment(
	{ emulator }: Pick<Site, "emulator">,
	{ state, deployed }: Released,
): Deployment {
	emulator.control.machines.seed(deployed.machines);
	let text = JSON.stringify(state)
		.replaceAll(deployed.at.hub, emulator.iotHub.url)
		.replaceAll(deployed.at.graph, emulator.graph.url);
	for (const device of deployed.devices) {
		const { deviceId, status, statusReason, capabilities, authentication } = device;
		const parentScopes = device.parentScopes.map((scope) => findCurrentScope(emulator, deployed, scope));
		const [live] = emulator.control.devices.seed([
			{
				deviceId,
				status,
				statusReason,
				capabilities,
				authentication: { type: authentication.type, ...pickCredential(device) },
				...(capabilities.iotEdge
					? { parentScopes }
					: parentScopes[0] === undefined
						? {}
						: { deviceScope: parentScopes[0] }),
			},
		]);
		text = text
			.replaceAll(device.etag, live?.etag ?? "")
			.replaceAll(device.generationId, live?.generationId ?? "");
	}
	return JSON.parse(text);
}

function pickCredential({ authentication }: Deployed["devices"][number]): object {
	const { type, symmetricKey, x509Thumbprint } = authentication;
	if (type === "sas") return { symmetricKey };
	return type === "selfSigned" ? { x509Thumbprint } : {};
}

/** Returns the current scope of the device that had this scope. */
function findCurrentScope(emulator: Site["emulator"], { devices }: Deployed, scope: string): string {
	const parent = devices.find(
		({ deviceScope, capabilities }) => capabilities.iotEdge && deviceScope === scope,
	);
	return emulator.control.devices.get(parent?.deviceId ?? "")?.deviceScope ?? "";
}
