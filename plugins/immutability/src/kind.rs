//! The kinds of files that are judged, and where each usually lies.

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Workflows,
    Compose,
    Dockerfiles,
    Kubernetes,
}

impl Kind {
    /// All of them. A file that several have globs for is of the first.
    pub(crate) const ALL: [Self; 4] =
        [Self::Workflows, Self::Compose, Self::Dockerfiles, Self::Kubernetes];

    /// What the settings call it.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Workflows => "workflows",
            Self::Compose => "compose",
            Self::Dockerfiles => "dockerfiles",
            Self::Kubernetes => "kubernetes",
        }
    }

    /// Where its files usually lie. `docs` and the schema list the same.
    pub(crate) fn globs(self) -> &'static [&'static str] {
        match self {
            Self::Workflows => &[
                "**/.github/workflows/*.yaml",
                "**/.github/workflows/*.yml",
                "**/action.yaml",
                "**/action.yml",
            ],
            Self::Compose => &[
                "**/compose.yaml",
                "**/compose.yml",
                "**/compose.*.yaml",
                "**/compose.*.yml",
                "**/docker-compose*.yaml",
                "**/docker-compose*.yml",
            ],
            Self::Dockerfiles => &[
                "**/Dockerfile",
                "**/dockerfile",
                "**/Dockerfile.*",
                "**/*.Dockerfile",
                "**/*.dockerfile",
                "**/Containerfile",
                "**/Containerfile.*",
            ],
            Self::Kubernetes => &[
                "**/k8s/**.yaml",
                "**/k8s/**.yml",
                "**/k8s/**.json",
                "**/K8s/**.yaml",
                "**/K8s/**.yml",
                "**/K8s/**.json",
                "**/K8S/**.yaml",
                "**/K8S/**.yml",
                "**/K8S/**.json",
                "**/kubernetes/**.yaml",
                "**/kubernetes/**.yml",
                "**/kubernetes/**.json",
                "**/manifests/**.yaml",
                "**/manifests/**.yml",
                "**/manifests/**.json",
                "**/deploy/**.yaml",
                "**/deploy/**.yml",
                "**/deploy/**.json",
                "deployment*.yaml",
                "deployment*.yml",
                "deployment*.json",
                "*-deployment.yaml",
                "*-deployment.yml",
                "**/kustomization.yaml",
                "**/kustomization.yml",
                "**/Kustomization",
                "**/values.yaml",
                "**/values.yml",
                "**/values-*.yaml",
                "**/values-*.yml",
                "**/values.*.yaml",
                "**/values.*.yml",
            ],
        }
    }
}
