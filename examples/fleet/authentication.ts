import * as pulumi from "@pulumi/pulumi";
import type { AuthenticationArgs } from "pulumi-device-identity";
import type { Device } from "./device";

/** How a device proves itself, in the hub's words. */
export function authenticationOf(device: Device): AuthenticationArgs {
	const { authentication: type, keys, thumbprint = "", nextThumbprint } = device;
	switch (type) {
		case "sas":
			return keys === "derived" ? { type, derivedFrom: groupKey() } : { type };
		case "selfSigned":
			return {
				type,
				x509Thumbprint: {
					primaryThumbprint: thumbprint,
					...(nextThumbprint === undefined ? {} : { secondaryThumbprint: nextThumbprint }),
				},
			};
		case "certificateAuthority":
			return { type };
	}
}

/** The secret from which the maker of a device derives its keys as well, as the Device Provisioning Service does it. */
function groupKey(): pulumi.Output<string> {
	return new pulumi.Config().requireSecret("groupKey");
}
