import type { Deployment, Engine } from "../engine/index.ts";
import { atBench, succeeded } from "./bench.ts";
import type { Row } from "./table.ts";

/** How large a device is in a state file, with its credentials and without, beside a resource that does nothing. */
export async function bytesOfState(engine: Engine): Promise<Row[]> {
	const one = { count: "1" };
	const bare = { ...one, "iothub:storeCredentials": "false" };
	return [
		{ resource: "device", ...(await measured(engine, "devices", bare)) },
		{
			resource: "device below a gateway",
			...(await measured(engine, "devices", { ...bare, gateway: "gateway" })),
		},
		{ resource: "device with credentials", ...(await measured(engine, "devices", one)) },
		{ resource: "dynamic resource that does nothing", ...(await measured(engine, "nothing", one)) },
	];
}

function measured(
	engine: Engine,
	program: "devices" | "nothing",
	config: Record<string, string>,
): Promise<Row> {
	return atBench(engine, { program, config }, async ({ stack }) => {
		await succeeded(stack.up());
		return sizes(await stack.exportState());
	});
}

function sizes({ deployment }: Deployment): Row {
	const resource = deployment.resources?.findLast(({ type }) => type.startsWith("pulumi-nodejs:dynamic"));
	const { stackTrace, ...rest } = resource ?? {};
	return {
		bytes: JSON.stringify(resource).length,
		"of them the stack trace that the SDK adds":
			stackTrace === undefined ? 0 : JSON.stringify(resource).length - JSON.stringify(rest).length,
		"of them the stored text, twice": 2 * JSON.stringify(resource?.inputs?.["__provider"] ?? "").length,
	};
}
