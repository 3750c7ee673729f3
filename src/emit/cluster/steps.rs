//! What is typed once a cluster is there: what must be installed, what is loaded, what must exist.

use super::classes::is_made;
use super::facts::{ExternalSecrets, Facts, Load};
use crate::component::cluster::{ExposeApi, LoadBalancer, TlsMode, Tool};

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it is for.
    pub purpose: String,
    /// The whole command, where there is one.
    pub command: Option<String>,
    /// Who types it.
    pub by: By,
}

/// Who types a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A script may.
    Script,
    /// A person: it asks for something, runs for ever, or names what nobody but the person knows.
    Person,
}

/// The steps in the order in which they are needed.
pub fn steps(facts: &Facts) -> Vec<Step> {
    let mut steps = Vec::new();
    for addon in facts.addons.iter().filter(|addon| !comes_with_the_tool(addon, facts)) {
        steps.push(installed(addon, facts));
    }
    // classes have steps or objects of their own
    let requires = facts.requires.iter().filter(|what| !what.starts_with("StorageClass "));
    steps.extend(requires.map(|what| installed(what, facts)));
    steps.extend(gateway(facts));
    steps.extend(certificates(facts));
    if facts.external_secrets == ExternalSecrets::Needed {
        steps.push(installed("external-secrets", facts));
    }
    steps.extend(classes(facts));
    steps.extend(load_balancer(facts));
    steps.extend(logins(facts));
    steps.extend(facts.load.as_ref().map(|load| Step {
        purpose: Load::PURPOSE.to_owned(),
        command: Some(load.line()),
        by: By::Person,
    }));
    steps
}

/// The steps as comments of YAML and of shells, each with its command below.
pub fn comments<'s>(steps: impl IntoIterator<Item = &'s Step>) -> String {
    let mut text = String::new();
    for Step { purpose, command, .. } in steps {
        text.push_str(&format!("#\n# - {}\n", on_one_line(purpose)));
        text.extend(command.iter().map(|command| format!("#     {}\n", on_one_line(command))));
    }
    text
}

/// The text without what would end a comment: facts are texts of anybody's choice, and behind a comment a script goes on.
pub fn on_one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}

/// Whether the file or command that makes the cluster brings the addon too. minikube's Traefik serves no Gateways, so there the
/// chart stands in for it.
pub fn comes_with_the_tool(addon: &str, facts: &Facts) -> bool {
    match facts.tool {
        Tool::K3d => matches!(addon, "traefik" | "metrics-server"),
        Tool::Minikube => addon != "traefik" || facts.expose != ExposeApi::Gateway,
        Tool::Kind | Tool::None => false,
    }
}

/// How a thing is installed, by a word that its name has. Of several rows the first one holds. CLUSTER and PLACE stand for what
/// only the person knows. Sources: the projects' own guides; the ports and arguments for kind are those of the facts of its
/// profile.
const INSTALLATIONS: &[(&str, &str)] = &[
    (
        "aws load balancer controller",
        "helm upgrade --install aws-load-balancer-controller aws-load-balancer-controller --repo https://aws.github.io/eks-charts --namespace kube-system --set clusterName=CLUSTER",
    ),
    ("ebs csi driver", "aws eks create-addon --cluster-name CLUSTER --addon-name aws-ebs-csi-driver"),
    ("metrics-server add-on", "aws eks create-addon --cluster-name CLUSTER --addon-name metrics-server"),
    (
        "metrics-server",
        "helm upgrade --install metrics-server metrics-server --repo https://kubernetes-sigs.github.io/metrics-server --namespace kube-system",
    ),
    (
        "cert-manager",
        "helm upgrade --install cert-manager cert-manager --repo https://charts.jetstack.io --namespace cert-manager --create-namespace --set crds.enabled=true",
    ),
    (
        "traefik",
        "helm upgrade --install traefik traefik --repo https://traefik.github.io/charts --namespace traefik --create-namespace",
    ),
    (
        "external-secrets",
        "helm upgrade --install external-secrets external-secrets --repo https://charts.external-secrets.io --namespace external-secrets --create-namespace",
    ),
    ("--gateway-api=standard", "gcloud container clusters update CLUSTER --location PLACE --gateway-api=standard"),
];

/// The step that installs a thing; where nobody here knows how, it only says what must be there.
fn installed(what: &str, facts: &Facts) -> Step {
    let lower = what.to_lowercase();
    let found = INSTALLATIONS.iter().find(|(word, _)| lower.contains(word));
    let command = found.map(|(word, command)| format!("{command}{}", values(word, facts)));
    let by = match &command {
        Some(command) if !command.contains("CLUSTER") => By::Script,
        _ => By::Person,
    };
    Step { purpose: format!("{what} must be there"), command, by }
}

/// What a chart is told on this kind of cluster.
fn values(chart: &str, facts: &Facts) -> String {
    let mut values = String::new();
    let is_local = matches!(facts.tool, Tool::Kind | Tool::Minikube);
    match chart {
        // the kubelets of kind have certificates that nobody signed
        "metrics-server" if facts.tool == Tool::Kind => values.push_str(" --set 'args={--kubelet-insecure-tls}'"),
        "traefik" => {
            if is_local {
                // the mapped ports lead to the node itself, where no Service of type LoadBalancer answers
                values.push_str(" --set service.spec.type=ClusterIP --set ports.web.hostPort=80 --set ports.websecure.hostPort=443");
            }
            if facts.tool == Tool::Kind && facts.nodes > 1 {
                // only the first node has the mapped ports, and with others beside it nothing runs there by itself
                values.push_str(" --set-string nodeSelector.ingress-ready=true --set 'tolerations[0].key=node-role.kubernetes.io/control-plane' --set 'tolerations[0].operator=Exists'");
            }
            if facts.expose == ExposeApi::Gateway {
                values.push_str(" --set providers.kubernetesGateway.enabled=true");
            }
        }
        "cert-manager" if facts.expose == ExposeApi::Gateway => values.push_str(
            " --set config.apiVersion=controller.config.cert-manager.io/v1alpha1 --set config.kind=ControllerConfiguration --set config.enableGatewayAPI=true",
        ),
        _ => {}
    }
    values
}

/// The custom resources of the Gateway API, where neither the tool nor Traefik's chart nor the provider brings them.
const GATEWAY_API: &str = "kubectl get crd httproutes.gateway.networking.k8s.io || kubectl apply --server-side -f https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.6.1/standard-install.yaml";

fn gateway(facts: &Facts) -> Option<Step> {
    if facts.expose != ExposeApi::Gateway || facts.tool == Tool::K3d {
        return None;
    }
    let asked = facts.requires.iter().chain(&facts.addons).map(|what| what.to_lowercase());
    if asked.into_iter().any(|what| what.contains("gateway api") || what.contains("traefik")) {
        return None;
    }
    let purpose = "the resources of the Gateway API must be there".to_owned();
    Some(Step { purpose, command: Some(GATEWAY_API.to_owned()), by: By::Script })
}

fn certificates(facts: &Facts) -> Vec<Step> {
    if facts.tls != TlsMode::CertManager {
        return Vec::new();
    }
    let mut steps = Vec::new();
    if !facts.requires.iter().chain(&facts.addons).any(|what| what == "cert-manager") {
        steps.push(installed("cert-manager", facts));
    }
    steps.extend(facts.issuer.as_ref().map(|issuer| {
        let (kind, name) = issuer.split_once('/').unwrap_or(("ClusterIssuer", issuer));
        let command = format!("kubectl get {} {name}", kind.to_lowercase());
        Step { purpose: format!("the {kind} `{name}` must exist"), command: Some(command), by: By::Person }
    }));
    steps
}

/// Classes at a provider that nobody here can make; what makes a class is printed as an object.
fn classes(facts: &Facts) -> Vec<Step> {
    if facts.tool != Tool::None {
        return Vec::new();
    }
    let exposing = match facts.expose {
        ExposeApi::Ingress => "IngressClass",
        ExposeApi::Gateway => "GatewayClass",
        ExposeApi::None => "",
    };
    let classes = [("StorageClass", &facts.storage_class), (exposing, &facts.expose_class)];
    let named = classes.into_iter().filter(|(kind, name)| !kind.is_empty() && !name.is_empty());
    let foreign = named
        .filter(|(kind, name)| !is_made(kind, name, facts) && !facts.own_classes.contains(&format!("{kind}/{name}")));
    let step = |(kind, name): (&str, &String)| Step {
        purpose: format!("the {kind} `{name}` must exist"),
        command: Some(format!("kubectl get {} {name}", kind.to_lowercase())),
        by: By::Person,
    };
    foreign.map(step).collect()
}

fn load_balancer(facts: &Facts) -> Option<Step> {
    let services = facts.balanced.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let command = match (facts.tool, facts.load_balancer) {
        _ if facts.balanced.is_empty() => return None,
        (Tool::Minikube, LoadBalancer::Tunnel) => format!("minikube tunnel --profile {}", facts.name),
        (Tool::Kind, LoadBalancer::None) => "cloud-provider-kind".to_owned(),
        _ => return None,
    };
    let purpose = format!("{services} gets an address while this runs");
    Some(Step { purpose, command: Some(command), by: By::Person })
}

fn logins(facts: &Facts) -> Vec<Step> {
    let mut steps = Vec::new();
    if let (Some(namespace), false) = (&facts.namespace, facts.logins.is_empty()) {
        steps.push(Step {
            purpose: format!("the namespace `{namespace}` comes before its Secrets"),
            command: Some(format!("kubectl create namespace {namespace}")),
            by: By::Person,
        });
    }
    let login = |(name, command): &(String, String)| Step {
        purpose: format!("the login `{name}` to a registry must exist"),
        command: Some(command.clone()),
        by: By::Person,
    };
    steps.extend(facts.logins.iter().map(login));
    steps
}
