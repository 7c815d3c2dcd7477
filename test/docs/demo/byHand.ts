import type { Scene } from "./scene.ts";

/** Returns the instructions for continuing by hand with the emulator that the demo leaves running. */
export function describeByHand(
	{ emulator: { iotHub, graph, entra, controlUrl }, groupKey }: Scene,
	stateFolder: string,
): readonly string[] {
	const { endpoint, header } = entra.managedIdentity;
	return [
		"",
		"The emulator runs until you press Ctrl-C. In another terminal, in this folder:",
		"",
		`    export IOTHUB_CONNECTION_STRING='${iotHub.connectionString}'`,
		`    export IOTHUB_ENDPOINT=${iotHub.url}`,
		"    export PULUMI_CONFIG_PASSPHRASE=demo",
		`    export PULUMI_BACKEND_URL=file://${stateFolder}   # instead of \`pulumi login\`, for these commands only`,
		"    pulumi stack init demo",
		`    pulumi config set --secret groupKey ${groupKey}`,
		"    pulumi up",
		"",
		"Then change devices as somebody else would, and see what `pulumi preview` reports:",
		"",
		`    curl ${controlUrl}                # lists all commands`,
		`    curl ${controlUrl}/devices/crane-02`,
		`    curl -X PATCH ${controlUrl}/devices/crane-02 -d '{"status":"disabled"}'`,
		`    curl -X POST ${controlUrl}/devices/shore-power-11/rotate-keys`,
		`    curl -X DELETE ${controlUrl}/devices/berth-12`,
		"",
		"The machines are a separate project:",
		"",
		`    export AUTOPILOT_ENDPOINT=${graph.url} AUTOPILOT_CREDENTIAL=managedIdentity`,
		`    export IDENTITY_ENDPOINT=${endpoint} IDENTITY_HEADER=${header}`,
		"    pulumi -C examples/autopilot stack init demo && pulumi -C examples/autopilot up",
		`    curl ${controlUrl}/machines`,
		"",
		"At the end, destroy everything (`--refresh` records the changes in state; otherwise changed devices are not deleted):",
		"",
		"    pulumi destroy --refresh && pulumi stack rm demo",
		"    pulumi -C examples/autopilot destroy --refresh && pulumi -C examples/autopilot stack rm demo",
	];
}
