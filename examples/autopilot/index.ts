/**
 * Registers each machine of a CSV file with Windows Autopilot. The file has the format that `Get-WindowsAutopilotInfo` writes and
 * Intune's portal imports.
 *
 *     npm run build && cd examples/autopilot && pulumi stack init dev
 *     pulumi config set autopilot:tenantId '<the tenant>'
 *     pulumi config set autopilot:clientId '<an application with DeviceManagementServiceConfig.ReadWrite.All>'
 *     pulumi config set --secret autopilot:clientSecret '<its secret>'
 *     pulumi config set groupTag Office
 *     pulumi up
 *
 * An import takes a minute or more; all imports run at the same time. The hashes in this file are invented. Autopilot rejects them or
 * registers machines that nobody has, so replace them with your own. Real hashes describe hardware and its owner: keep that file out of
 * Git, or encrypt it there.
 */
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { AutopilotIdentity, readAutopilotCsv } from "pulumi-device-identity";

/** The group tag of machines whose row has none. */
const groupTag = new pulumi.Config().get("groupTag");

const machines = new Map(
	readAutopilotCsv(join(__dirname, "machines.csv")).map((row) => [
		row.serialNumber,
		new AutopilotIdentity(row.serialNumber, { ...(groupTag === undefined ? {} : { groupTag }), ...row }),
	]),
);

/** The registration id of each machine, by serial number. */
export const registrationIds = Object.fromEntries([...machines].map(([serial, { id }]) => [serial, id]));
